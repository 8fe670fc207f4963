#include "models/external/external.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include "core/command.h"
#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"
#include "datasets/formats.h"
#include "models/external/placeholders.h"
#include "models/reference/reference.h"

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSeeds = uint64_t{1} << 31;  // a seed that every language takes: 0 .. 2^31 - 1
constexpr double kFull = 0.9;                   // this share of the limit in use counts as memory ran out
constexpr size_t kTail = 4096;                  // bytes of standard error that are looked at
constexpr size_t kLongest = 240;                // bytes of it in a message
constexpr std::array kMemoryWords{
    "memoryerror", "bad_alloc", "out of memory", "outofmemory", "cannot allocate memory", "memory exhausted"};

class ExternalParams : public Params {
 public:
  std::vector<std::string> command;
  std::string format = "netshare-csv";
  std::vector<std::string> depends;

  void describe(FieldVisitor& v) override {
    v.list({"command", "",
            "what is run; {train}, {output}, {records}, {seed} and {threads} are filled in, and a word that "
            "names "
            "a file is looked for in the sweep's folder",
            ""},
           command, ListOf::command);
    v.text({"format", "", "format of the training file and of the output; pcap holds packets only", ""},
           format, {"netshare-csv", "pcap"});
    v.list(
        {"depends", "",
         "further files that the output depends on, e.g. modules: with other contents the command runs again",
         ""},
        depends, ListOf::files);
  }
  std::string contradiction() const override { return command_contradiction(command); }
};

/// The end of a file, its last line without control characters.
struct Tail {
  std::string text, last_line;
};

Tail tail_of(const fs::path& file) {
  Tail out;
  out.text = read_text_file(file);
  if (out.text.size() > kTail) out.text.erase(0, out.text.size() - kTail);
  while (!out.text.empty() && std::isspace(static_cast<unsigned char>(out.text.back())) != 0)
    out.text.pop_back();
  out.last_line = out.text.substr(out.text.rfind('\n') + 1, kLongest);
  std::replace_if(
      out.last_line.begin(), out.last_line.end(),
      [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; }, '?');
  return out;
}

bool memory_ran_out(const ExitInfo& exit, std::string errors) {
  rlimit limit{};
  ::getrlimit(RLIMIT_AS, &limit);
  if (limit.rlim_cur != RLIM_INFINITY &&
      static_cast<double>(exit.usage.peak_bytes) > kFull * static_cast<double>(limit.rlim_cur)) {
    return true;
  }
  for (char& c : errors) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::any_of(kMemoryWords.begin(), kMemoryWords.end(),
                     [&](const char* word) { return errors.find(word) != std::string::npos; });
}

/// Throws if the program did not end with status 0.
void check_exit(const std::string& program, const ExitInfo& exit, const fs::path& errors,
                Progress& progress) {
  if (exit.status == 0 && exit.signal == 0) return;
  const Tail tail = tail_of(errors);
  if (!tail.text.empty()) progress.log(tail.text);
  const std::string how =
      exit.signal != 0 ? fmt::format("was ended by signal {} ({})", exit.signal, ::strsignal(exit.signal))
                       : fmt::format("ended with exit status {}", exit.status);
  const std::string why =
      tail.last_line.empty() ? "; it wrote nothing to its standard error" : ": " + tail.last_line;
  fail(memory_ran_out(exit, tail.text) ? Kind::out_of_memory : Kind::crashed, "{} {}{}", program, how, why);
}

std::string join_counts(const std::map<std::string, int64_t>& counts) {
  std::string out;
  for (const auto& [reason, count] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, reason);
  return out;
}

std::set<std::string_view> filled_columns(const Trace& trace) {
  std::set<std::string_view> out;
  for_each_column(trace, [&](std::string_view name, const auto& column) {
    if (!column.empty()) out.insert(name);
  });
  for (const auto& label : trace.labels) out.insert(label.name);
  return out;
}

/// Drops what `like` does not have and notes what `made` lacks.
void match_columns(Trace& made, const Trace& like, const std::string& file, std::vector<std::string>& notes) {
  const std::set<std::string_view> wanted = filled_columns(like);
  for_each_column(made, [&](std::string_view name, auto& column) {
    if (!wanted.contains(name)) column.clear();
  });
  std::erase_if(made.labels, [&](const LabelColumn& label) { return !wanted.contains(label.name); });
  const std::set<std::string_view> there = filled_columns(made);
  std::vector<std::string_view> missing;
  for (const std::string_view name : wanted) {
    if (!there.contains(name)) missing.push_back(name);
  }
  if (!missing.empty())
    notes.push_back(fmt::format("{} has no {}, which the training part has", file, fmt::join(missing, ", ")));
}

class External : public TrainingReplay {
 public:
  explicit External(const ExternalParams& params) : params_(params) {}

  Trace sample(int64_t records, SampleContext& context) override {
    std::optional<TemporaryFolder> temporary;
    if (context.folder.empty()) {
      temporary.emplace();
    } else {
      make_folder(context.folder);
    }
    const fs::path place = temporary ? temporary->path() : context.folder;
    const std::string extension = params_.format == "pcap" ? ".pcap" : ".csv";
    const fs::path train = place / ("train" + extension);
    const fs::path output = place / ("output" + extension);
    fs::remove_all(output);  // one of an earlier sample in the same folder
    write_trace(training(), train);
    const std::vector<std::string> argv = fill_placeholders(
        params_.command, {{"train", train.string()},
                          {"output", output.string()},
                          {"records", std::to_string(records)},
                          {"seed", std::to_string(context.seed.child("external").value() % kSeeds)},
                          {"threads", std::to_string(context.threads)}});
    context.progress.log(fmt::format("runs {}", fmt::join(argv, " ")));
    const fs::path errors = place / "stderr.txt";
    const ExitInfo exit = run_command(argv, place, place / "stdout.txt", errors);
    const std::string program = fs::path(argv[0]).filename();
    check_exit(program, exit, errors, context.progress);
    if (!fs::exists(output))
      fail(Kind::invalid_output, "{} ended well, but wrote no {}", program, output.filename().string());
    Trace made = read_output(output, records, context);
    std::error_code ignored;
    fs::remove(train, ignored);  // the training part stands in the prepare stage
    return made;
  }

 private:
  Trace read_output(const fs::path& path, int64_t records, SampleContext& context) const {
    const std::string file = path.filename();
    ReadOptions options;
    options.max_records = records + 1;
    ReadReport report;
    Trace made;
    try {
      made = read_trace(path, params_.format, options, report);
    } catch (const Error& e) {
      std::string message = e.what();
      if (message.starts_with(path.string())) message.erase(0, path.string().size() - file.size());
      throw Error(Kind::invalid_output, message);
    }
    if (made.kind != training().kind) {
      fail(Kind::invalid_output, "{} holds {}; the training part holds {}", file, kind_name(made.kind),
           kind_name(training().kind));
    }
    const std::string skipped = join_counts(report.skipped);
    const auto count = static_cast<int64_t>(made.size());
    if (count < records) {
      fail(Kind::invalid_output, "{} holds {} records{}; {} were asked for", file, count,
           skipped.empty() ? "" : " (skipped: " + skipped + ")", records);
    }
    if (count > records) {
      context.notes.push_back(fmt::format("kept the first {} records of {}: it holds more", records, file));
      made = slice(made, 0, static_cast<size_t>(records));
    }
    if (!skipped.empty()) context.notes.push_back(fmt::format("{}: skipped {}", file, skipped));
    match_columns(made, training(), file, context.notes);
    return made.time.empty() ? made : select(made, time_order(made));
  }

  ExternalParams params_;
};

}  // namespace

std::unique_ptr<Params> external_params() { return std::make_unique<ExternalParams>(); }

std::unique_ptr<Generator> make_external(const Params& params) {
  return std::make_unique<External>(dynamic_cast<const ExternalParams&>(params));
}

}  // namespace bench
