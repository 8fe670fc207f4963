#include "models/netshare/params.h"

namespace bench {

void NetShareParams::describe(FieldVisitor& v) {
  constexpr int64_t kMany = 1'000'000'000;
  v.integer({"iterations", "generator steps", "length of the training", "NetShare TF 1.15 configs: 200000"},
            iterations, 1, kMany);
  v.integer({"batch", "samples", "samples per step", "NetShare configs"}, batch, 2, 1'000'000);
  v.integer({"d_rounds", "", "critic steps per generator step", "NetShare configs"}, d_rounds, 1, 1000);
  v.number({"lr", "", "learning rate of the three Adam optimisers (beta 0.5, 0.999)", "NetShare configs"}, lr,
           1e-12, 1e9);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training", "published: none"}, lr_decay,
         {"none", "linear", "cosine"});
  v.number(
      {"ema", "", "decay of the moving average of the generator that is sampled from; 0 = the last weights",
       "published: none"},
      ema, 0, 0.999999);
  v.text({"init", "", "initial weights of linear layers", "NetShare camera-ready: N(0, 0.02)"}, init,
         {"normal", "xavier", "standard"});
  v.integer({"attribute_layers", "layers", "attribute generator, output layer included", "NetShare configs"},
            attribute_layers, 1, 100);
  v.integer({"attribute_units", "", "width of its hidden layers", "NetShare configs"}, attribute_units, 1,
            65536);
  v.integer({"attribute_latent", "", "its noise inputs", "DoppelGANger"}, attribute_latent, 1, 4096);
  v.integer({"lstm_units", "", "width of the feature generator's LSTM", "DoppelGANger"}, lstm_units, 1,
            65536);
  v.integer({"feature_latent", "", "noise inputs per LSTM step", "DoppelGANger"}, feature_latent, 1, 4096);
  v.integer({"sample_len", "records", "records that one LSTM step emits", "paper: 1 to 100 tried"},
            sample_len, 1, 100000);
  v.integer({"critic_layers", "layers", "both critics, output layer included", "NetShare configs"},
            critic_layers, 1, 100);
  v.integer({"critic_units", "", "width of their hidden layers", "NetShare configs"}, critic_units, 1, 65536);
  v.flag({"aux_critic", "", "a second critic that sees the attributes only", "DoppelGANger"}, aux_critic);
  v.number({"penalty", "", "weight of the gradient penalty", "WGAN-GP: 10"}, penalty, 0, 1e9);
  v.text({"gp_alpha", "", "where the penalty is taken: between real and fake, or at the fake",
          "WGAN-GP: uniform; NetShare's PyTorch code: fake"},
         gp_alpha, {"uniform", "fake"});
  v.text({"z", "", "fresh noise and real batch in every critic step, or one for the whole iteration",
          "NetShare code: reused"},
         z, {"fresh", "reused"});
  v.text({"mask", "",
          "what follows a flow's end inside a block of sample_len records: nothing, or unmasked outputs",
          "NetShare code: block"},
         mask, {"position", "block"});
  v.number({"norm_momentum", "", "share of a batch in the running statistics of batch normalisation",
            "NetShare camera-ready: 0.1; its PyTorch code: 0.9"},
           norm_momentum, 0, 1);
  v.text(
      {"critic", "",
       "features as one long row, or each record through a shared layer and then mean and maximum over the "
       "records that exist",
       "NetShare: flat"},
      critic, {"flat", "pooled"});
  v.integer({"packing", "samples", "samples that the critics see side by side", "PacGAN; NetShare: 1"},
            packing, 1, 1000);
  v.flag({"self_norm", "",
          "numeric features relative to their range inside the flow, which becomes an attribute",
          "DoppelGANger; NetShare: false"},
         self_norm);
  v.text({"precision", "", "of the critics' products", "published: float32"}, precision,
         {"float32", "bfloat16"});

  v.text({"addresses", "", "32 two-way categories, or 4 numbers", "NetShare: bits"}, addresses,
         {"bits", "bytes"});
  v.text(
      {"ports", "",
       "word vectors of ports and protocol; 16 two-way categories; 2 numbers; frequent ports as categories "
       "and "
       "one for all others; the same and bits for the others; the same and bins of equal mass for the others",
       "NetShare: ip2vec"},
      ports, {"ip2vec", "bits", "bytes", "onehot", "onehot_bits", "onehot_bins"});
  v.integer({"frequent_ports", "ports", "onehot*: most categories per column", ""}, frequent_ports, 0, 65536);
  v.number({"frequent_share", "", "onehot*: least share of the flows or of the records for a category", ""},
           frequent_share, 0, 1);
  v.integer({"port_bins", "bins", "onehot_bins: bins of the ports without a category", ""}, port_bins, 1,
            65536);
  v.integer({"word_size", "", "ip2vec: length of a word vector", "NetShare: 10"}, word_size, 3, 1000);
  v.integer({"word_epochs", "epochs", "ip2vec: passes over the records", "gensim: 5"}, word_epochs, 1, 10000);
  v.text({"word_model", "", "ip2vec: a word from the mean of its neighbours, or each neighbour from the word",
          "NetShare: cbow"},
         word_model, {"cbow", "skipgram"});
  v.flag({"word_subsampling", "", "ip2vec: frequent words are left out of most sentences",
          "NetShare: true (gensim's 1e-3)"},
         word_subsampling);
  v.flag({"word_shared", "", "ip2vec: ports and protocols share one vocabulary", "NetShare: true"},
         word_shared);
  v.text({"word_file", "", "ip2vec: a file of word vectors learned elsewhere (text, word2vec's format)",
          "NetShare with DP: a public one"},
         word_file, {});

  v.text({"continuous", "",
          "numeric fields by range (log of duration, packets, bytes), by distribution function, or by "
          "distribution function with the generator's own distribution taken out of its outputs",
          "NetShare: minmax"},
         continuous, {"minmax", "quantile", "calibrated"});
  v.text({"ranges", "", "minmax: range of the training part, or one that does not depend on it",
          "NetShare: learned; with DP: public"},
         ranges, {"learned", "public"});
  v.flag({"log1p", "", "minmax: logarithm of duration, packets and bytes", "NetShare: true"}, log1p);
  v.flag({"linear_interarrival", "", "minmax: interarrival without the logarithm", "NetShare code: true"},
         linear_interarrival);
  v.integer({"max_flow_len", "records", "longest sample; 0 = the longest flow", "NetShare camera-ready: 0"},
            max_flow_len, 0, kMany);
  v.text({"long_flows", "", "flows beyond max_flow_len go on in another sample, or lose their later records",
          "NetShare's PyTorch code: truncate"},
         long_flows, {"continue", "truncate"});
  v.text({"structure", "",
          "protocol, ports, flow tags and number of records are learned outputs, or drawn from the training "
          "flows "
          "and given to the network; given needs ports onehot_bins",
          "NetShare: generated"},
         structure, {"generated", "given"});

  v.integer({"chunks", "", "parts of the trace with a training each; 1 = the whole trace", "NetShare: 10"},
            chunks, 1, 10000);
  v.text({"split", "", "chunks of equal time, or of equally many records", "NetShare: fixed_time"}, split,
         {"fixed_time", "fixed_size"});
  v.flag({"tags", "", "attributes that say in which chunks a flow has records", "NetShare: true"}, tags);
  v.flag({"hot_start", "", "the first chunk's networks are where the other chunks start", "NetShare: true"},
         hot_start);
  v.number({"fine_tune_share", "", "hot_start: iterations of the other chunks relative to the first",
            "NetShare: 1/4"},
           fine_tune_share, 0.0001, 10);
  v.flag({"carry_moments", "", "hot_start: the optimisers' moments go over too",
          "NetShare camera-ready: true; its PyTorch code: false"},
         carry_moments);
  v.integer(
      {"snapshot_count", "", "states of the training that a choice is made among, on a validation slice",
       "NetShare: 5 to 16"},
      snapshot_count, 1, 1000);
}

std::string NetShareParams::contradiction() const {
  if (structure == "given" && ports != "onehot_bins")
    return "structure \"given\" with ports \"" + ports + "\"; ports \"onehot_bins\" would be right";
  if (packing > batch / 2)
    return "packing leaves fewer than two packs of a batch; a smaller one would be right";
  if (mask == "block" && structure == "given")
    return "mask \"block\" concerns generation flags, which structure \"given\" has none of; mask "
           "\"position\" "
           "would be right";
  return {};
}

}  // namespace bench
