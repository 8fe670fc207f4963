# libsvm, liblinear, XGBoost and OpenCV's core and ml as one interface target with system headers. Debian's
# small packages bring no CMake configuration for them (OpenCV's stands in libopencv-dev, 300 packages more).

add_library(headerbench_learning INTERFACE)

function(headerbench_add_learning name header suffixes)
  find_path(${name}_INCLUDE_DIR ${header} PATH_SUFFIXES ${suffixes} REQUIRED)
  target_include_directories(headerbench_learning SYSTEM INTERFACE ${${name}_INCLUDE_DIR})
  foreach(library ${ARGN})
    find_library(${name}_${library}_LIBRARY ${library} REQUIRED)
    target_link_libraries(headerbench_learning INTERFACE ${${name}_${library}_LIBRARY})
  endforeach()
endfunction()

headerbench_add_learning(SVM libsvm/svm.h "" svm)
headerbench_add_learning(LINEAR linear.h "" linear)
headerbench_add_learning(XGBOOST xgboost/c_api.h "" xgboost)
headerbench_add_learning(OPENCV opencv2/ml.hpp opencv4 opencv_ml opencv_core)
