# Dependencies (Debian packages, see scripts/setup.sh) and the few functions every folder uses.

set(HDF5_PREFER_PARALLEL OFF)
find_package(HDF5 REQUIRED COMPONENTS C CXX)
if(HDF5_IS_PARALLEL)
  message(FATAL_ERROR "The serial HDF5 is needed (libhdf5-dev); an MPI build was found. Is libhdf5-mpi-dev installed?")
endif()
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(ZLIB REQUIRED)
find_package(GTest REQUIRED)
include(GoogleTest)
find_package(benchmark REQUIRED)
find_package(rapidcheck REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
find_package(Torch REQUIRED)
include(LearningLibraries)

# LibTorch as an interface target whose headers are system headers (they do not pass our warnings).
add_library(headerbench_torch INTERFACE)
target_include_directories(headerbench_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(headerbench_torch INTERFACE ${TORCH_LIBRARIES})

add_library(headerbench_options INTERFACE)
target_include_directories(headerbench_options INTERFACE ${PROJECT_SOURCE_DIR})
# -Wno-restrict: GCC 12 warns about every "literal" + std::string (GCC bug 105651).
target_compile_options(headerbench_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wno-restrict
                       $<$<BOOL:${HEADERBENCH_WERROR}>:-Werror>)
if(HEADERBENCH_SANITIZE)
  target_compile_options(headerbench_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                         -fno-omit-frame-pointer)
  target_link_options(headerbench_options INTERFACE -fsanitize=address,undefined)
endif()

# bench_library(NAME SOURCES ... LINK ...): a static library of the house.
function(bench_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC headerbench_options ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
endfunction()

# bench_test(NAME SOURCES ... LINK ...): a GoogleTest binary, one CTest entry per test.
function(bench_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "OPENBLAS_NUM_THREADS=1")
endfunction()

# bench_embed(OUTPUT_VARIABLE FUNCTION FILES ...): a generated .cpp that defines
# bench::FUNCTION(): a list of (file name without extension, contents).
function(bench_embed output function)
  set(path ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  set(text "#include <string_view>\n#include <utility>\n#include <vector>\n\nnamespace bench {\n")
  string(APPEND text "const std::vector<std::pair<std::string_view, std::string_view>>& ${function}();\n")
  string(APPEND text "const std::vector<std::pair<std::string_view, std::string_view>>& ${function}() {\n")
  string(APPEND text "  static const std::vector<std::pair<std::string_view, std::string_view>> list{\n")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} contents)
    get_filename_component(stem ${file} NAME_WE)
    string(APPEND text "      {\"${stem}\", R\"embedded(${contents})embedded\"},\n")
  endforeach()
  string(APPEND text "  };\n  return list;\n}\n}  // namespace bench\n")
  file(GENERATE OUTPUT ${path} CONTENT "${text}")
  set(${output} ${path} PARENT_SCOPE)
endfunction()
