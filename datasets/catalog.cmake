# Included by datasets/CMakeLists.txt: the catalog of datasets, embedded, and the simulator of the surrogates.
bench_embed(EMBEDDED_CATALOG embedded_catalog
  # The order of reports.
  catalog/ugr16.json catalog/cidds.json catalog/ton.json catalog/caida.json catalog/dc.json catalog/ca.json)
target_sources(bench_datasets PRIVATE
  ${EMBEDDED_CATALOG} catalog.cpp
  surrogate/ca_profile.cpp surrogate/caida_profile.cpp surrogate/cidds_profile.cpp surrogate/dc_profile.cpp
  surrogate/flow_sessions.cpp surrogate/hosts.cpp surrogate/packet_sessions.cpp surrogate/sampling.cpp
  surrogate/surrogate.cpp surrogate/ton_profile.cpp surrogate/ugr16_profile.cpp)
bench_test(catalog_test
  SOURCES catalog_test.cpp surrogate/profiles_test.cpp surrogate/sampling_test.cpp surrogate/surrogate_test.cpp
  LINK bench_datasets)
