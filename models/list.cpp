// The table of generators: the only place that knows them all.

#include "models/bayes_net/bayes_net.h"
#include "models/ctgan/ctgan.h"
#include "models/ddgan/ddgan.h"
#include "models/ddpm/ddpm.h"
#include "models/ewgan_gp/ewgan_gp.h"
#include "models/external/external.h"
#include "models/flow_wgan/flow_wgan.h"
#include "models/marginal_dp/marginal_dp.h"
#include "models/model.h"
#include "models/netshare/netshare.h"
#include "models/pac_gan/pac_gan.h"
#include "models/packet_cgan/packet_cgan.h"
#include "models/precomputed/precomputed.h"
#include "models/reference/reference.h"
#include "models/stan/stan.h"
#include "models/tabddpm/tabddpm.h"
#include "models/timegan/timegan.h"
#include "models/tvae/tvae.h"

namespace bench {
namespace {

std::unique_ptr<Params> no_params() { return std::make_unique<NoParams>(); }

}  // namespace

const std::vector<ModelEntry>& all_models() {
  static const std::vector<ModelEntry> list{
      {"netshare", "DoppelGANger on flow sequences (Yin et al., SIGCOMM 2022)", 3, Applies::both,
       netshare_params, make_netshare},
      {"ddgan", "denoising diffusion GAN on flow sequences (Xiao et al., ICLR 2022)", 1, Applies::both,
       ddgan_params, make_ddgan},
      {"ddpm", "Gaussian diffusion of flow sequences in many steps (Ho et al., NeurIPS 2020)", 1,
       Applies::both, ddpm_params, make_ddpm},
      {"timegan", "recurrent GAN in a learned latent space (Yoon et al., NeurIPS 2019)", 1, Applies::both,
       timegan_params, make_timegan},
      {"tabddpm", "Gaussian and multinomial diffusion of rows (Kotelnikov et al., ICML 2023)", 1,
       Applies::both, tabddpm_params, make_tabddpm},
      {"ctgan", "conditional tabular GAN (Xu et al., NeurIPS 2019)", 1, Applies::both, ctgan_params,
       make_ctgan},
      {"tvae", "variational autoencoder of rows (Xu et al., NeurIPS 2019)", 1, Applies::both, tvae_params,
       make_tvae},
      {"ewgan_gp", "WGAN-GP on IP2Vec words (Ring et al., Computers & Security 2019)", 1, Applies::both,
       ewgan_gp_params, make_ewgan_gp},
      {"pac_gan", "convolutional GAN on packets as images of half bytes (Cheng, IEMCON 2019)", 1,
       Applies::packets, pac_gan_params, make_pac_gan},
      {"packet_cgan", "conditional GAN on header bytes (Wang et al., PacketCGAN, 2020)", 1, Applies::packets,
       packet_cgan_params, make_packet_cgan},
      {"flow_wgan", "Wasserstein GAN on embedded header bytes (Han et al., IEEE Access 2019)", 1,
       Applies::packets, flow_wgan_params, make_flow_wgan},
      {"bayes_net", "Bayesian network over binned columns (Chow-Liu; PrivBayes; Kneser-Ney back-off)", 1,
       Applies::both, bayes_net_params, make_bayes_net},
      {"marginal_dp", "differentially private: noisy marginals and a network (PrivBayes; MST; NetDPSyn)", 2,
       Applies::both, marginal_dp_params, make_marginal_dp},
      {"stan", "autoregressive network over the records of a host (Xu et al., MLHat 2021)", 2, Applies::both,
       stan_params, make_stan},
      {"external", "any program: a command line that is told a training file, an output, a count and a seed",
       1, Applies::both, external_params, make_external},
      {"precomputed", "traces that exist already: a file for each repeat", 1, Applies::both,
       precomputed_params, make_precomputed},
      {"resample", "reference: bootstrap of whole training flows", 1, Applies::both, no_params,
       make_resample},
      {"independent", "reference: each training column shuffled by itself", 1, Applies::both, no_params,
       make_independent},
      {"uniform", "reference: each column uniform over its training range", 1, Applies::both, no_params,
       make_uniform},
      {"zeros", "reference: every value 0", 1, Applies::both, no_params, make_zeros},
  };
  return list;
}

const ModelEntry* find_model(std::string_view name) {
  for (const auto& entry : all_models()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace bench
