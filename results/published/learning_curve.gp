set terminal svg size 1680,520 font 'sans,12' background 'white'
set output 'learning_curve.svg'
set logscale xy
set grid
set key below noenhanced font 'sans,9'
set title noenhanced
set multiplot layout 1,4
$data0 << END
5.8925 0.832191
9.74673 0.799315
28.4103 0.470035
105.332 0.232982
END
$data1 << END
5.8925 0.220709
9.74673 0.192607
28.4103 0.119962
105.332 0.12417
END
$data2 << END
5.8925 0.761585
9.74673 1.12905
28.4103 0.55727
105.332 0.257669
END
$data3 << END
5.8925 1.27183
9.74673 1.54653
28.4103 1.46917
105.332 1.36885
END
$data4 << END
5.8925 0.293847
9.74673 0.0176606
28.4103 0.00319361
105.332 0.00788171
END
$data5 << END
5.8925 0.724843
9.74673 1.26239
28.4103 0.463992
105.332 0.217481
END
$data6 << END
5.8925 0.541278
9.74673 0.614252
28.4103 0.472813
105.332 0.368591
END
$data7 << END
5.8925 0.914747
9.74673 0.692396
28.4103 0.298675
105.332 0.155242
END
$data8 << END
5.8925 0.518669
9.74673 0.214286
28.4103 0.200487
105.332 0.586039
END
$data9 << END
5.8925 1
720 1
END
set title 'caida: all learned'
set xlabel 'CPU seconds of training'
set ylabel 'score / score of NetShare (PyTorch)'
plot $data0 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'emd flow_size', $data1 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'emd_over_std time', $data2 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'jsd dstip', $data3 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title 'jsd dstport', $data4 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title 'jsd proto', $data5 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title 'jsd srcip', $data6 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title 'jsd srcport', $data7 using 1:2 with linespoints pointsize 0.6 pointtype 11 linecolor rgb '#bcbd22' title 'ks pkt_len', $data8 using 1:2 with linespoints pointsize 0.6 pointtype 12 linecolor rgb '#17becf' title 'tv_proto_dstport proto x dstport', $data9 using 1:2 with lines dashtype 2 linecolor rgb '#000000' title 'as good as NetShare (PyTorch)'
$data10 << END
7.26508 0.0001
12.3374 0.0001
31.1207 0.0001
106.471 0.0001
END
$data11 << END
7.26508 0.000388997
12.3374 0.000452699
31.1207 0.000322272
106.471 0.000375013
END
$data12 << END
7.26508 0.210101
12.3374 0.220862
31.1207 0.211281
106.471 0.16273
END
$data13 << END
7.26508 1.08584
12.3374 1.08584
31.1207 1.08584
106.471 1.08584
END
$data14 << END
7.26508 0.0001
12.3374 0.0001
31.1207 0.0001
106.471 0.0001
END
$data15 << END
7.26508 0.113376
12.3374 0.113001
31.1207 0.115283
106.471 0.107143
END
$data16 << END
7.26508 0.32252
12.3374 0.32252
31.1207 0.32252
106.471 0.32252
END
$data17 << END
7.26508 0.0175691
12.3374 0.0169931
31.1207 0.0443548
106.471 0.0141129
END
$data18 << END
7.26508 0.0381494
12.3374 0.0381494
31.1207 0.0381494
106.471 0.0381494
END
$data19 << END
5.8925 1
720 1
END
set title 'caida: netshare'
set xlabel 'CPU seconds of training'
set ylabel 'score / score of NetShare (PyTorch)'
plot $data10 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'emd flow_size', $data11 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'emd_over_std time', $data12 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'jsd dstip', $data13 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title 'jsd dstport', $data14 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title 'jsd proto', $data15 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title 'jsd srcip', $data16 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title 'jsd srcport', $data17 using 1:2 with linespoints pointsize 0.6 pointtype 11 linecolor rgb '#bcbd22' title 'ks pkt_len', $data18 using 1:2 with linespoints pointsize 0.6 pointtype 12 linecolor rgb '#17becf' title 'tv_proto_dstport proto x dstport', $data19 using 1:2 with lines dashtype 2 linecolor rgb '#000000' title 'as good as NetShare (PyTorch)'
$data20 << END
5.31061 0.824365
7.33379 0.681692
15.3511 0.875848
48.5546 0.207773
END
$data21 << END
5.31061 0.217156
7.33379 0.171947
15.3511 0.0656839
48.5546 0.17012
END
$data22 << END
5.31061 1.47131
7.33379 0.666846
15.3511 1.18918
48.5546 1.143
END
$data23 << END
5.31061 1.18497
7.33379 0.968089
15.3511 0.82289
48.5546 0.780775
END
$data24 << END
5.31061 0.78626
7.33379 0.395403
15.3511 0.0569029
48.5546 0.0103786
END
$data25 << END
5.31061 1.78259
7.33379 0.988427
15.3511 1.20394
48.5546 1.17139
END
$data26 << END
5.31061 1.36168
7.33379 1.08114
15.3511 1.00261
48.5546 0.968427
END
$data27 << END
5.31061 0.952845
7.33379 0.667427
15.3511 0.210873
48.5546 0.429288
END
$data28 << END
5.31061 0.488448
7.33379 0.428052
15.3511 0.15817
48.5546 0.247708
END
$data29 << END
5.31061 0.472774
7.33379 0.467998
15.3511 0.0678802
48.5546 0.135249
END
$data30 << END
5.31061 0.837073
7.33379 0.904102
15.3511 0.209867
48.5546 0.162254
END
$data31 << END
5.31061 1
720 1
END
set title 'ugr16: all learned'
set xlabel 'CPU seconds of training'
set ylabel 'score / score of NetShare (PyTorch)'
plot $data20 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'emd flow_size', $data21 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'emd_over_std ts', $data22 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'jsd dstip', $data23 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title 'jsd dstport', $data24 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title 'jsd proto', $data25 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title 'jsd srcip', $data26 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title 'jsd srcport', $data27 using 1:2 with linespoints pointsize 0.6 pointtype 11 linecolor rgb '#bcbd22' title 'ks byt', $data28 using 1:2 with linespoints pointsize 0.6 pointtype 12 linecolor rgb '#17becf' title 'ks pkt', $data29 using 1:2 with linespoints pointsize 0.6 pointtype 13 linecolor rgb '#000000' title 'ks td', $data30 using 1:2 with linespoints pointsize 0.6 pointtype 14 linecolor rgb '#7f7f7f' title 'tv_proto_dstport proto x dstport', $data31 using 1:2 with lines dashtype 2 linecolor rgb '#6b8e23' title 'as good as NetShare (PyTorch)'
$data32 << END
6.02807 0.0001
8.01344 0.0001
16.4423 0.0001
50.0244 0.0001
END
$data33 << END
6.02807 0.00117653
8.01344 0.00140375
16.4423 0.00172004
50.0244 0.000455641
END
$data34 << END
6.02807 2.23189
8.01344 0.849144
16.4423 1.16667
50.0244 1.03275
END
$data35 << END
6.02807 0.754315
8.01344 0.752896
16.4423 0.750813
50.0244 0.759333
END
$data36 << END
6.02807 0.0001
8.01344 0.0001
16.4423 0.0001
50.0244 0.0001
END
$data37 << END
6.02807 3.32383
8.01344 0.786424
16.4423 1.2563
50.0244 1.03076
END
$data38 << END
6.02807 0.913996
8.01344 0.90998
16.4423 0.911387
50.0244 0.915391
END
$data39 << END
6.02807 0.39071
8.01344 0.218125
16.4423 0.0530809
50.0244 0.0655534
END
$data40 << END
6.02807 0.0145711
8.01344 0.0137264
16.4423 0.0126705
50.0244 0.0164717
END
$data41 << END
6.02807 0.0119387
8.01344 0.0177376
16.4423 0.00852767
50.0244 0.0247302
END
$data42 << END
6.02807 0.0436225
8.01344 0.0438885
16.4423 0.0436225
50.0244 0.0438885
END
$data43 << END
5.31061 1
720 1
END
set title 'ugr16: netshare'
set xlabel 'CPU seconds of training'
set ylabel 'score / score of NetShare (PyTorch)'
plot $data32 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title 'emd flow_size', $data33 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title 'emd_over_std ts', $data34 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title 'jsd dstip', $data35 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title 'jsd dstport', $data36 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title 'jsd proto', $data37 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title 'jsd srcip', $data38 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title 'jsd srcport', $data39 using 1:2 with linespoints pointsize 0.6 pointtype 11 linecolor rgb '#bcbd22' title 'ks byt', $data40 using 1:2 with linespoints pointsize 0.6 pointtype 12 linecolor rgb '#17becf' title 'ks pkt', $data41 using 1:2 with linespoints pointsize 0.6 pointtype 13 linecolor rgb '#000000' title 'ks td', $data42 using 1:2 with linespoints pointsize 0.6 pointtype 14 linecolor rgb '#7f7f7f' title 'tv_proto_dstport proto x dstport', $data43 using 1:2 with lines dashtype 2 linecolor rgb '#6b8e23' title 'as good as NetShare (PyTorch)'
unset multiplot
