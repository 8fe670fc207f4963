#include "models/stan/params.h"

namespace bench {

void StanParams::describe(FieldVisitor& v) {
  v.text({"streams", "",
          "what a window runs over: the records of one source host, or the records of the trace in parts of "
          "equal length",
          "STAN: host"},
         streams, {"host", "trace"});
  v.integer({"trace_streams", "streams", "streams trace: into how many parts the trace is cut", "our choice"},
            trace_streams, 1, 1'000'000);
  v.integer({"window", "records", "earlier records of the stream that a record depends on",
             "STAN's published code: 5"},
            window, 1, 1000);
  v.text({"encoder", "",
          "what reads the window: two linear layers, or the published convolutions (3 x 3 over records and "
          "inputs: 64, 64, pooling, 128, 128, pooling)",
          "STAN: cnn; the simpler mode of its published code: none"},
         encoder, {"mlp", "cnn"});
  v.integer({"units", "", "width of what the window becomes", "our choice"}, units, 1, 65536);
  v.integer({"head_units", "", "width of the hidden layer of each attribute", "STAN's published code: 100"},
            head_units, 1, 65536);
  v.integer({"embedding", "", "length of the vector that stands for a category", "our choice"}, embedding, 1,
            4096);
  v.integer({"components", "", "normal distributions of a numeric attribute's mixture",
             "STAN's published code: 10"},
            components, 1, 1000);
  v.integer({"categories", "categories",
             "of an address or a port: frequent values by themselves, the others in bins",
             "STAN's published code: 256 per byte of an address, 1670 per port"},
            categories, 2, 65536);
  v.flag({"copies", "", "an address or port may also be the one of a record in the window", "our choice"},
         copies);
  v.text(
      {"clock", "", "times are the sums of the drawn gaps, or these put on the training part's clock by rank",
       "STAN: sums"},
      clock, {"sums", "ranks"});
  v.integer({"epochs", "epochs", "passes over the training records", "STAN's published code: 1000"}, epochs,
            1, 1'000'000);
  v.integer({"batch", "records", "records per step", "STAN's published code: 512"}, batch, 1, 1'000'000);
  v.number({"lr", "", "learning rate of Adam (0.9, 0.999)", "STAN's published code: 0.001 and 0.01"}, lr,
           1e-12, 1e3);
  v.text({"lr_decay", "", "how the learning rate falls to 0 over the training",
          "STAN's published code: by 0.9 every 10 epochs"},
         lr_decay, {"none", "cosine"});
  v.number({"dropout", "", "share of the window's and the hidden layers' units that a step leaves out",
            "published: none"},
           dropout, 0, 0.95);
  v.number({"noise", "",
            "share of the window's values that a step takes from another record, so that windows of drawn "
            "records are no surprise",
            "published: none"},
           noise, 0, 0.95);
}

std::string StanParams::contradiction() const {
  if (encoder == "cnn" && window < 4)
    return "encoder \"cnn\" halves the window twice and needs one of at least 4; a longer one or \"mlp\" "
           "would "
           "be right";
  return {};
}

}  // namespace bench
