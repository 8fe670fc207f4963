set terminal svg size 1260,520 font 'sans,12' background 'white'
set output 'privacy.svg'
set logscale xy
set grid
set key below noenhanced font 'sans,9'
set title noenhanced
set multiplot layout 1,3
$data0 << END
1 0.220427 0.21693 0.222958
4 0.22177 0.216519 0.226428
16 0.224865 0.214956 0.233304
32 0.230394 0.230138 0.230646
END
$data1 << END
1 0.218683 0.216823 0.222022
4 0.218162 0.210814 0.228211
16 0.222169 0.217095 0.228305
32 0.222174 0.21879 0.224359
END
$data2 << END
1 0.228803 0.219935 0.237561
4 0.229575 0.224968 0.237583
16 0.236889 0.235639 0.237976
32 0.237275 0.235998 0.238827
END
$data3 << END
1 0.236361 0.23132 0.241339
4 0.176692 0.175667 0.177938
16 0.147489 0.146909 0.147936
32 0.0220649 0.0218502 0.0222193
END
unset logscale y
set xtics add ('inf' 32)
set title 'ugr16'
set xlabel 'epsilon'
set ylabel 'mean JSD'
plot $data0 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'naive', $data1 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'same', $data2 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'different', $data3 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title 'marginal'
set logscale y
unset xtics
set xtics
$data4 << END
1 0.209773 0.172179 0.249855
4 0.192542 0.179582 0.206076
16 0.154267 0.14138 0.164454
32 0.0387677 0.0262116 0.0480986
END
$data5 << END
1 0.293709 0.208716 0.436307
4 0.202461 0.182294 0.232843
16 0.208039 0.201084 0.214956
32 0.136852 0.118245 0.163804
END
$data6 << END
1 0.242976 0.209243 0.26937
4 0.216806 0.168179 0.263892
16 0.173688 0.166167 0.185933
32 0.0955365 0.0885235 0.106282
END
$data7 << END
1 0.181671 0.00984033 0.515539
4 0.0407957 0.00518645 0.111533
16 0.0393436 0.00281169 0.109702
32 0.00422255 0.00397043 0.00452054
END
unset logscale y
set xtics add ('inf' 32)
set title 'ugr16'
set xlabel 'epsilon'
set ylabel 'mean normalised EMD'
plot $data4 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'naive', $data5 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'same', $data6 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'different', $data7 using 1:2:3:4 with yerrorlines pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title 'marginal'
set logscale y
unset xtics
set xtics
$data8 << END
24.3 0.504
27.5 0.664
37 0.535
94 0.519
645 0.24
940000 0.372
1.2e+08 0.295
END
$data9 << END
24.3 0.199
27.5 0.42
37 0.212
94 0.294
645 0.186
940000 0.124
1.2e+08 0.102
END
$data10 << END
24.3 0.336
27.5 0.471
37 0.342
94 0.298
645 0.225
940000 0.189
1.2e+08 0.175
END
unset logscale y
set format x '10^{%T}'
set title 'ugr16: NetShare''s figure'
set xlabel 'epsilon'
set ylabel 'mean normalised EMD'
plot $data8 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'naive', $data9 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'same', $data10 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'different'
set logscale y
set format x
unset multiplot
