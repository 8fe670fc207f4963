#include "models/packet_bytes/packet_gan.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "models/nn/threads.h"
#include "models/packet_bytes/packet_bytes.h"
#include "models/rows/number_calibration.h"
#include "models/rows/private_rows.h"

namespace bench {
namespace {

constexpr int64_t kCalibrationPackets = 20'000;
constexpr int64_t kCoverPackets = 4096;  ///< that are decoded at once
constexpr size_t kByteValues = 256;

torch::Tensor to_tensor(std::span<const uint8_t> digits, int64_t width) {
  const auto rows = static_cast<int64_t>(digits.size()) / width;
  const torch::Tensor out = torch::empty({rows, width}, torch::kLong);
  std::copy(digits.begin(), digits.end(), out.data_ptr<int64_t>());
  return out;
}

torch::Tensor to_tensor(const std::vector<int64_t>& values) {
  const torch::Tensor out = torch::empty({static_cast<int64_t>(values.size())}, torch::kLong);
  std::copy(values.begin(), values.end(), out.data_ptr<int64_t>());
  return out;
}

std::vector<uint8_t> to_digits(const torch::Tensor& digits) {
  const torch::Tensor bytes = digits.to(torch::kByte).contiguous();
  return {bytes.data_ptr<uint8_t>(), bytes.data_ptr<uint8_t>() + bytes.numel()};
}

bool is_identifier(std::string_view name) { return name.ends_with("ip") || name.ends_with("port"); }

/// The columns whose numbers have an order that says something: not addresses and ports.
RecordTable quantities(const RecordTable& table, bool time) {
  RecordTable out;
  out.rows = table.rows;
  for (const TableColumn& column : table.columns) {
    if (!column.is_category() && !is_identifier(column.name) && (time || column.name != "time"))
      out.columns.push_back(column);
  }
  return out;
}

class PacketGan : public PrivateRowModel {
 public:
  PacketGan(const AdversarialParams& params, PacketGanDesign design)
      : params_(params), design_(std::move(design)) {}

  void fit(const RecordTable& table, FitContext& context) override {
    nn::with_torch_errors([&] { train(table, params_.iterations, context); });
  }

  const PrivacyParams& privacy() const override { return params_.privacy; }

  CriticTraining critic_training() const override {
    CriticTraining out;
    out.batch = params_.batch;
    out.iterations = params_.iterations;
    out.rounds = params_.critic_rounds;
    out.critics = 1;
    return out;
  }

  void fit_public(const RecordTable& table, FitContext& context) override {
    nn::with_torch_errors([&] { train(table, params_.privacy.public_iterations, context); });
  }

  void save_start(H5Writer& file) const override {
    if (classes_) classes_->save_services(file);
    critic_->parameters().save(file, "critic");
  }

  void load_start(const H5Reader& file, Seed seed) override {
    if (classes_) classes_->load_services(file);
    nn::with_torch_errors([&] { critic_ = design_.critic(shape_, nn::make_generator(seed)); });
    critic_->parameters().load(file, "critic");
  }

  std::vector<bool> covers(RecordTable& table) const override {
    return nn::with_torch_errors([&] { return covered(table); });
  }

  void fit_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) override {
    nn::with_torch_errors([&] { train_private(table, steps, context); });
  }

  RecordTable sample(size_t rows, const std::vector<RowCondition>& given, SampleContext& context) override {
    return nn::with_torch_errors([&] {
      RecordTable out = drawn(rows, given, context.seed);
      if (params_.calibrated) {
        RecordTable numbers = quantities(out, params_.time == "model");
        Rng rng = context.seed.child("calibration").rng();
        calibration_.apply(numbers, rng);
        for (TableColumn& column : numbers.columns) {
          for (TableColumn& own : out.columns) {
            if (own.name == column.name) own.numbers = std::move(column.numbers);
          }
        }
      }
      return out;
    });
  }

  bool can_condition() const override { return classes_.has_value(); }

  void save(H5Writer& file) const override {
    bytes_->save(file);
    code_->save(file, "code");
    if (classes_) classes_->save(file);
    if (params_.calibrated) calibration_.save(file);
    generator_->parameters().save(file, "generator");
  }

  void load(const H5Reader& file, const RecordTable& columns) override {
    columns_ = columns;
    start();
    bytes_->load(file, columns);
    code_->load(file, "code");
    if (code_->width() != digits()) {
      fail(Kind::data, "saved packet generator: its code has {} digits; {} would be right", code_->width(),
           digits());
    }
    if (classes_) classes_->load(file);
    if (params_.calibrated) calibration_.load(file, quantities(columns, params_.time == "model"));
    make_shape();
    nn::with_torch_errors([&] { generator_ = design_.generator(shape_, nn::make_generator(Seed(0))); });
    generator_->parameters().load(file, "generator");
  }

 private:
  int64_t digits() const { return bytes_->width() * 8 / design_.bits; }

  void start() {
    bytes_.emplace(PacketByteOptions{!design_.classes.has_value(), params_.time == "model"});
    code_ = design_.code();
    classes_.reset();
    if (design_.classes) classes_.emplace(*design_.classes);
  }

  void make_shape() {
    shape_ = {digits(), code_->columns(), classes_ ? classes_->size() : 0, params_.latent};
  }

  /// The digits of training packets, and for a private training those of as many others as a byte has
  /// values: public packets with that value in every byte of their identifiers. So every address is covered.
  std::vector<uint8_t> digits_to_learn(const RecordTable& table) const {
    std::vector<uint8_t> bytes = bytes_->encode(table);
    if (!params_.privacy.from_public()) return split_bytes(bytes, design_.bits);
    const auto width = static_cast<size_t>(bytes_->width()), packets = table.rows;
    for (size_t value = 0; value < kByteValues; ++value) {
      std::vector<uint8_t> packet(bytes.begin() + static_cast<std::ptrdiff_t>(value % packets * width),
                                  bytes.begin() + static_cast<std::ptrdiff_t>((value % packets + 1) * width));
      auto place = packet.begin();
      for (const auto& [name, size] : bytes_->fields()) {
        if (is_identifier(name) || name == "id") std::fill(place, place + size, static_cast<uint8_t>(value));
        place += size;
      }
      bytes.insert(bytes.end(), packet.begin(), packet.end());
    }
    return split_bytes(bytes, design_.bits);
  }

  /// Packets whose digits come back from their code, and whose class is known.
  std::vector<bool> covered(RecordTable& table) const {
    const nn::SingleThread single_thread;
    const torch::NoGradGuard no_grad;
    std::vector<bool> out = PrivateRowModel::covers(table);
    if (table.rows == 0) return out;
    if (classes_) {
      const std::vector<int64_t> classes = classes_->classes_of(table);
      for (size_t i = 0; i < table.rows; ++i)
        if (classes[i] < 0) out[i] = false;
    }
    for (TableColumn& column : table.columns) {
      for (int32_t& code : column.codes) code = std::max(code, 0);  // left out, but has bytes
    }
    const torch::Tensor all = to_tensor(split_bytes(bytes_->encode(table), design_.bits), digits());
    size_t i = 0;
    for (const torch::Tensor& part : all.split(kCoverPackets)) {
      const torch::Tensor same = code_->nearest(code_->encode(part)).eq(part).all(1);
      for (int64_t k = 0; k < part.size(0); ++k, ++i) out[i] = out[i] && same[k].item<bool>();
    }
    return out;
  }

  void train_private(const RecordTable& table, const PrivateSteps& steps, FitContext& context) {
    const nn::SingleThread single_thread;
    const Seed seed = context.seed.child("private");
    PacketBatch real{to_tensor(split_bytes(bytes_->encode(table), design_.bits), digits()), {}};
    if (classes_) real.classes = to_tensor(classes_->classes_of(table));
    Rng rng = seed.child("classes").rng();
    const DrawClasses draw = [&](int64_t rows) {
      return to_tensor(classes_->draw(static_cast<size_t>(rows), {}, rng));
    };
    train_adversarial_privately(params_, shape_, *code_, real, steps, draw, *generator_, *critic_,
                                seed.child("training"), context.progress);
  }

  void train(const RecordTable& table, int64_t iterations, FitContext& context) {
    const nn::SingleThread single_thread;
    columns_ = without_rows(table);
    start();
    bytes_->fit(table);
    const std::vector<uint8_t> learned = digits_to_learn(table);
    code_->fit(learned, digits(), context.seed.child("code"));
    const auto training = static_cast<int64_t>(table.rows);
    PacketBatch real{to_tensor(learned, digits()).narrow(0, 0, training), {}};
    if (classes_) real.classes = to_tensor(classes_->fit(table));
    make_shape();
    context.progress.log(fmt::format("{} packets of {} bytes, {} numbers each, {} classes", table.rows,
                                     bytes_->width(), shape_.columns, shape_.classes));
    generator_ = design_.generator(shape_, nn::make_generator(context.seed.child("generator")));
    critic_ = design_.critic(shape_, nn::make_generator(context.seed.child("critic")));
    AdversarialParams params = params_;
    params.iterations = iterations;
    train_adversarial(params, shape_, *code_, real, *generator_, *critic_, context.seed.child("training"),
                      context.progress);
    if (!params_.calibrated) return;
    const bool time = params_.time == "model";
    const RecordTable made = drawn(kCalibrationPackets, {}, context.seed.child("calibration"));
    calibration_.fit(quantities(table, time), quantities(made, time));
  }

  /// Rows as the network makes them.
  RecordTable drawn(size_t rows, const std::vector<RowCondition>& given, Seed seed) const {
    const nn::SingleThread single_thread;
    RecordTable out = columns_;
    out.rows = rows;
    Rng rng = seed.child("rows").rng();
    std::vector<int64_t> classes;
    if (classes_) classes = classes_->draw(rows, given, rng);
    const torch::Tensor digits = generate_digits(shape_, *code_, *generator_, static_cast<int64_t>(rows),
                                                 to_tensor(classes), nn::make_generator(seed.child("noise")));
    bytes_->decode(join_bytes(to_digits(digits), design_.bits), rng, out);
    if (classes_) classes_->put_labels(classes, out);
    return out;
  }

  AdversarialParams params_;
  PacketGanDesign design_;
  RecordTable columns_;  ///< without rows
  std::optional<PacketBytes> bytes_;
  std::unique_ptr<DigitCode> code_;
  std::optional<PacketClasses> classes_;
  NumberCalibration calibration_;
  PacketShape shape_;
  std::unique_ptr<ByteGenerator> generator_;
  std::unique_ptr<CriticNetwork> critic_;  ///< of the training
};

}  // namespace

std::unique_ptr<Generator> make_packet_gan(const AdversarialParams& params, const PacketGanDesign& design) {
  return make_row_generator({Identifiers::number, Identifiers::number},
                            std::make_unique<PacketGan>(params, design));
}

}  // namespace bench
