#pragma once
// Any program as a generator: a command that reads a training file and writes a trace.

#include <memory>

#include "models/model.h"

namespace bench {

std::unique_ptr<Params> external_params();
/// fit() keeps the training part; sample() runs the command in SampleContext::folder (a temporary folder if
/// it is empty), where train.csv or train.pcap, output.*, stdout.txt and stderr.txt stand. Columns that the
/// training part lacks are dropped, records put in order of time, and the first ones kept where there are too
/// many; each of these that matters is noted. Throws Error(crashed) for an exit status other than 0 or a
/// signal, Error(out_of_memory) where that was the reason, Error(invalid_output) for output that is missing,
/// malformed, of the other kind or too short.
std::unique_ptr<Generator> make_external(const Params& params);

}  // namespace bench
