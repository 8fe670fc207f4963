# Classifiers and novelty detectors, and the flow features that they see.
# Each list of sources stays in alphabetical order.
bench_library(bench_learners
  SOURCES anomaly/comparison.cpp anomaly/detector.cpp anomaly/isolation_forest.cpp anomaly/netml.cpp
          anomaly/netml_features.cpp anomaly/one_class_svm.cpp anomaly/principal_components.cpp
          classify/ada_boost.cpp classify/classifier.cpp classify/classify.cpp classify/classify_cards.cpp
          classify/classify_parts.cpp classify/gradient_boosting.cpp classify/labelled.cpp
          classify/logistic_regression.cpp classify/mlp.cpp classify/naive_bayes.cpp classify/prediction.cpp
          classify/trees.cpp feature_table.cpp
  LINK bench_core bench_datasets
  PRIVATE_LINK headerbench_learning)

bench_test(learners_test
  SOURCES anomaly/comparison_test.cpp anomaly/detector_test.cpp anomaly/netml_test.cpp
          classify/classifier_test.cpp classify/classify_outcomes_test.cpp classify/classify_test.cpp classify/labelled_test.cpp
          classify/prediction_test.cpp classify/ton_test.cpp feature_table_test.cpp
  LINK bench_learners)

add_executable(learners_bench learners_bench.cpp)
target_link_libraries(learners_bench PRIVATE bench_learners benchmark::benchmark_main)
