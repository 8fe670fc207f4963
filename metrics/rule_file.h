#pragma once
// Rules of a user, one a line:
//
//   # the monitored network is on one end
//   V8: if ip = 0.0.0.0/0 then ip = 42.219.0.0/16
//   dns-size: if proto = udp and port = 53 then bytes <= 65535 and packets <= 1000
//
//   file   = lines, each blank, "# comment" or  ID ":" "if" terms "then" terms  (a comment may follow)
//   terms  = term { "and" term }
//   term   = FIELD OP VALUE            with blanks between the three
//   FIELD  = srcip dstip ip | srcport dstport port | proto | length tos id ip_flags fragment_offset ttl
//            | packets bytes duration | tcp_flags
//   OP     = "=" "!=" "<" "<=" ">" ">="
//   VALUE  = item { "," item }         several items with = and != only
//   item   = number | number ".." number | address | address "/" bits | protocol name
//
// ip and port are about either end: a term on them holds if one end fits; != is the opposite of =, so that no
// end fits. Durations are in seconds with up to nine decimals; everything else is an integer. Addresses stand
// with ip, protocol names with proto, prefixes and ranges with = and !=.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/rules.h"

namespace bench {

/// The file's rules in its order. Throws Error(io) if it cannot be read, Error(config) naming file, line and
/// value for anything else than the grammar above, an ID that occurs twice or is one of the built-in rules'
/// (V8 is free), and a file without rules.
std::vector<Rule> read_rules(const std::filesystem::path& path);
/// The same from text; `file` is the name in messages.
std::vector<Rule> parse_rules(std::string_view text, const std::string& file);

}  // namespace bench
