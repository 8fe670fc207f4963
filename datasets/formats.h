#pragma once
// Trace files: one reader per dialect, chosen by format id, and the writers.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/trace.h"

namespace bench {

/// What a reader saw: every record is either in the trace or counted under a reason.
struct ReadReport {
  std::string format;                      ///< the format id that was used (after detection)
  int64_t records = 0;                     ///< records in the trace
  std::map<std::string, int64_t> skipped;  ///< reason ("IPv6", "ARP", ...) -> records left out
  std::map<std::string, int64_t>
      notes;  ///< what was changed in kept records ("ICMP type/code in the ports set to 0")
};

/// Where the generic packet CSV finds its columns; see formats.cpp for the header names it knows by itself.
struct ReadOptions {
  int64_t max_records = 0;                     ///< stop after so many records in the trace; 0 = all
  std::map<std::string, std::string> columns;  ///< packet-csv: our column name -> the file's header name
  int64_t frame_overhead =
      -1;  ///< packet-csv: bytes taken off a frame length (-1: 18 or 14 as the file needs)
};

struct FormatEntry {
  std::string_view id;
  std::string_view summary;
  Trace (*read)(const std::filesystem::path& path, const ReadOptions& options, ReadReport& report);
  void (*write)(const Trace& trace, const std::filesystem::path& path);  ///< nullptr: read only
};

/// pcap, netshare-csv, ugr16-csv, cidds-csv, ton-csv, zeek-conn, packet-csv, hdf5.
const std::vector<FormatEntry>& all_formats();

/// The format id of a file from its first bytes (magic numbers, header names, shape of the first line; gzip
/// is looked into). Throws Error(data) that lists the known ids if none fits, Error(io) if it cannot be read.
std::string detect_format(const std::filesystem::path& path);

/// Reads `path` as `format` ("auto" detects). Throws Error(data) naming file, record number, value and what
/// would be right for malformed input or a file without any usable record; Error(io) for a missing file, a
/// directory or an unreadable file; Error(config) for an unknown format id.
Trace read_trace(const std::filesystem::path& path, std::string_view format, const ReadOptions& options,
                 ReadReport& report);

/// Writes by extension: .pcap, .csv (netshare-csv), .h5. The file is whole or absent. Throws Error(config)
/// for another extension, Error(unsupported) for flows as pcap.
void write_trace(const Trace& trace, const std::filesystem::path& path);

// The writers and readers by name.
Trace read_pcap(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_netshare_csv(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_ugr16_csv(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_cidds_csv(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_ton_csv(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_zeek_conn(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_packet_csv(const std::filesystem::path&, const ReadOptions&, ReadReport&);
Trace read_hdf5(const std::filesystem::path&, const ReadOptions&, ReadReport&);
void write_pcap(const Trace& trace, const std::filesystem::path& path);
void write_netshare_csv(const Trace& trace, const std::filesystem::path& path);
void write_hdf5(const Trace& trace, const std::filesystem::path& path);

}  // namespace bench
