#include "models/bayes_net/params.h"

namespace bench {

void BayesNetParams::describe(FieldVisitor& v) {
  v.integer({"max_parents", "columns",
             "most columns that one column depends on; 1 with mutual_information is the Chow-Liu tree",
             "PrivBayes: 1 to 5; Chow and Liu: 1"},
            max_parents, 0, 16);
  v.integer({"bins", "categories",
             "of a column with more values: frequent values by themselves, the others in bins of equal mass, "
             "and the value inside a bin as a variable of its own",
             "PrivBayes: 16"},
            bins, 2, 65536);
  v.text({"score", "",
          "what the search for parents maximises: likelihood of each record without itself; likelihood less "
          "ln(n) / 2 for each free parameter; plain mutual information",
          "our choice"},
         score, {"leave_one_out", "mdl", "mutual_information"});
  v.text({"previous", "",
          "columns may also depend on the record before: not, on that of the trace, or on that of the trace "
          "and that of the same source address; records are then drawn one after the other, time as the gap",
          "our choice"},
         previous, {"none", "trace", "host"});
  v.flag({"urns", "",
          "a value that depends on no parent is drawn without replacement until all were drawn, so that its "
          "distribution is exact",
          "our choice"},
         urns);
  v.integer(
      {"structure_records", "records", "at most so many, drawn at random, choose the parents", "our choice"},
      structure_records, 2, 1'000'000'000);
}

}  // namespace bench
