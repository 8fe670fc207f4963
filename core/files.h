#pragma once
// Files that are either whole or absent: written beside the target, fsynced, renamed.

#include <filesystem>
#include <string>
#include <string_view>

namespace bench {

/// The whole file. Throws Error(io) with the path and the reason (missing, a directory, not readable).
std::string read_text_file(const std::filesystem::path& path);
/// Replaces `path` by `text` in one step (temporary file, fsync, rename). Throws Error(io).
void write_text_file(const std::filesystem::path& path, std::string_view text);
/// Appends one line and a newline with a single write. Throws Error(io).
void append_line(const std::filesystem::path& path, std::string_view line);
/// fsyncs `path` (file or folder). Throws Error(io).
void sync_path(const std::filesystem::path& path);
/// Renames a finished file or folder onto `to` after fsyncing its files and folders. Throws Error(io).
void publish(const std::filesystem::path& from, const std::filesystem::path& to);
/// Creates the folder and its parents. Throws Error(io).
void make_folder(const std::filesystem::path& path);

}  // namespace bench
