// RecordColumns::save and load.

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/h5.h"
#include "models/rows/record_table.h"

namespace bench {
namespace {

Identifiers identifiers_from(int value) {
  if (value < 0 || value > 2)
    fail(Kind::data, "saved record table: identifiers are {}; 0 to 2 would be right", value);
  return static_cast<Identifiers>(value);
}

}  // namespace

void RecordColumns::save(H5Writer& file) const {
  nlohmann::json head{{"addresses", static_cast<int>(options_.addresses)},
                      {"ports", static_cast<int>(options_.ports)},
                      {"gaps", options_.gaps},
                      {"flows", like_.kind == TraceKind::flows},
                      {"header_rule", header_rule_},
                      {"ports_rule", ports_rule_},
                      {"labels", nlohmann::json::array()},
                      {"columns", nlohmann::json::array()}};
  for (const auto& label : like_.labels)
    head["labels"].push_back({{"name", label.name}, {"names", label.names}});
  std::vector<int64_t> numbers{window_.begin, window_.end};
  std::vector<int64_t> values;
  for (size_t c = 0; c < empty_.columns.size(); ++c) {
    const TableColumn& column = empty_.columns[c];
    head["columns"].push_back(
        {{"name", column.name}, {"integral", column.integral}, {"values", column.values.size()}});
    numbers.insert(numbers.end(), {ranges_[c].lo, ranges_[c].hi});
    values.insert(values.end(), column.values.begin(), column.values.end());
  }
  if (stretch_ != 1) head["stretch"] = stretch_;
  file.attribute("columns", head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  file.column("columns:ranges", numbers);
  file.column("columns:values", values);
}

void RecordColumns::load(const H5Reader& file) {
  const auto numbers = file.column<int64_t>("columns:ranges"),
             values = file.column<int64_t>("columns:values");
  try {
    const auto head = nlohmann::json::parse(file.attribute("columns"));
    options_ = {identifiers_from(head.at("addresses")), identifiers_from(head.at("ports")), head.at("gaps")};
    like_ = {};
    like_.kind = head.at("flows").get<bool>() ? TraceKind::flows : TraceKind::packets;
    header_rule_ = head.at("header_rule");
    ports_rule_ = head.at("ports_rule");
    stretch_ = head.value("stretch", 1.0);
    for (const auto& label : head.at("labels"))
      like_.labels.push_back({label.at("name"), label.at("names"), {}});
    empty_ = {};
    ranges_.clear();
    size_t place = 0;
    for (const auto& item : head.at("columns")) {
      const size_t count = item.at("values"), c = ranges_.size();
      if (2 * c + 3 >= numbers.size() || count > values.size() - place)
        fail(Kind::data, "saved record table: it has fewer values than its {} columns need", c + 1);
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(place);
      empty_.columns.push_back({item.at("name"),
                                {first, first + static_cast<std::ptrdiff_t>(count)},
                                {},
                                {},
                                item.at("integral")});
      ranges_.push_back({numbers[2 * c + 2], numbers[2 * c + 3]});
      place += count;
    }
    if (numbers.size() != 2 * ranges_.size() + 2)
      fail(Kind::data, "saved record table: it has {} limits; {} would be right", numbers.size(),
           2 * ranges_.size() + 2);
    window_ = {numbers[0], numbers[1]};
  } catch (const nlohmann::json::exception& e) {
    fail(Kind::data, "saved record table: attribute columns is damaged: {}", e.what());
  }
}

}  // namespace bench
