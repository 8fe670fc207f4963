set terminal svg size 1260,520 font 'sans,12' background 'white'
set output 'chunked_speedup.svg'
set logscale xy
set grid
set key below noenhanced font 'sans,9'
set title noenhanced
set multiplot layout 1,3
$data0 << END
1 2.75845
2 2.73411
END
$data1 << END
1 2.75845
2 2.75845
3 2.75845
5 2.75845
10 2.75845
20 2.75845
50 2.75845
100 2.75845
200 2.75845
END
$data2 << END
1 4.55685
2 4.3055
END
$data3 << END
1 4.36953
2 4.36953
3 4.36953
5 4.36953
10 4.36953
20 4.36953
50 4.36953
100 4.36953
200 4.36953
END
$data4 << END
1 5.83423
2 3.05515
END
$data5 << END
1 5.68552
2 3.08733
3 3.08733
5 3.08733
10 3.08733
20 3.08733
50 3.08733
100 3.08733
200 3.08733
END
$data6 << END
1 7.63163
2 5.35584
END
$data7 << END
1 7.25571
2 5.18201
3 5.14066
5 4.13629
10 4.13629
20 4.13629
50 4.13629
100 4.13629
200 4.13629
END
$data8 << END
1 13.4521
2 8.49046
END
$data9 << END
1 13.0806
2 7.99874
3 5.47517
5 2.93827
10 2.93827
20 2.93827
50 2.93827
100 2.93827
200 2.93827
END
$data10 << END
1 13.7056
2 8.96998
END
$data11 << END
1 12.9392
2 8.64863
3 6.54735
5 5.46961
10 4.41026
20 4.41026
50 4.41026
100 4.41026
200 4.41026
END
$data12 << END
1 28.2689
2 14.4972
END
$data13 << END
1 27.5171
2 13.9982
3 11.1651
5 5.84918
10 3.13428
20 3.13428
50 3.13428
100 3.13428
200 3.13428
END
set title 'ugr16-surrogate[records=10000] (dashed: simulated)'
set xlabel 'workers'
set ylabel 'training, wall seconds'
plot $data0 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title '1 chunk', $data1 using 1:2 with lines dashtype 2 linecolor rgb '#1f77b4' notitle, $data2 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title '2 chunks, hot start', $data3 using 1:2 with lines dashtype 2 linecolor rgb '#d62728' notitle, $data4 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title '2 chunks, each from scratch', $data5 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle, $data6 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title '5 chunks, hot start', $data7 using 1:2 with lines dashtype 2 linecolor rgb '#ff7f0e' notitle, $data8 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title '5 chunks, each from scratch', $data9 using 1:2 with lines dashtype 2 linecolor rgb '#9467bd' notitle, $data10 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title '10 chunks, hot start', $data11 using 1:2 with lines dashtype 2 linecolor rgb '#8c564b' notitle, $data12 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title '10 chunks, each from scratch', $data13 using 1:2 with lines dashtype 2 linecolor rgb '#e377c2' notitle
$data14 << END
1 2.65509
2 2.63208
END
$data15 << END
1 2.65509
2 2.65509
3 2.65509
5 2.65509
10 2.65509
20 2.65509
50 2.65509
100 2.65509
200 2.65509
END
$data16 << END
1 4.35083
2 4.19102
END
$data17 << END
1 4.19283
2 4.19283
3 4.19283
5 4.19283
10 4.19283
20 4.19283
50 4.19283
100 4.19283
200 4.19283
END
$data18 << END
1 5.70799
2 3.18457
END
$data19 << END
1 5.56204
2 3.00522
3 3.00522
5 3.00522
10 3.00522
20 3.00522
50 3.00522
100 3.00522
200 3.00522
END
$data20 << END
1 7.68444
2 5.51056
END
$data21 << END
1 7.3046
2 5.26649
3 5.21312
5 4.23035
10 4.23035
20 4.23035
50 4.23035
100 4.23035
200 4.23035
END
$data22 << END
1 14.5184
2 8.77675
END
$data23 << END
1 14.1243
2 8.61203
3 5.90216
5 3.24699
10 3.24699
20 3.24699
50 3.24699
100 3.24699
200 3.24699
END
$data24 << END
1 13.7851
2 9.14657
END
$data25 << END
1 12.9926
2 8.65704
3 6.60029
5 5.55469
10 4.50497
20 4.50497
50 4.50497
100 4.50497
200 4.50497
END
$data26 << END
1 27.4804
2 14.0842
END
$data27 << END
1 26.7556
2 13.5774
3 10.8609
5 5.76754
10 3.14879
20 3.14879
50 3.14879
100 3.14879
200 3.14879
END
set title 'ugr16-surrogate[records=30000] (dashed: simulated)'
set xlabel 'workers'
set ylabel 'training, wall seconds'
plot $data14 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title '1 chunk', $data15 using 1:2 with lines dashtype 2 linecolor rgb '#1f77b4' notitle, $data16 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title '2 chunks, hot start', $data17 using 1:2 with lines dashtype 2 linecolor rgb '#d62728' notitle, $data18 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title '2 chunks, each from scratch', $data19 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle, $data20 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title '5 chunks, hot start', $data21 using 1:2 with lines dashtype 2 linecolor rgb '#ff7f0e' notitle, $data22 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title '5 chunks, each from scratch', $data23 using 1:2 with lines dashtype 2 linecolor rgb '#9467bd' notitle, $data24 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title '10 chunks, hot start', $data25 using 1:2 with lines dashtype 2 linecolor rgb '#8c564b' notitle, $data26 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title '10 chunks, each from scratch', $data27 using 1:2 with lines dashtype 2 linecolor rgb '#e377c2' notitle
$data28 << END
1 2.88216
2 2.879
END
$data29 << END
1 2.88216
2 2.88216
3 2.88216
5 2.88216
10 2.88216
20 2.88216
50 2.88216
100 2.88216
200 2.88216
END
$data30 << END
1 4.63481
2 4.47603
END
$data31 << END
1 4.48279
2 4.48279
3 4.48279
5 4.48279
10 4.48279
20 4.48279
50 4.48279
100 4.48279
200 4.48279
END
$data32 << END
1 5.8773
2 3.23915
END
$data33 << END
1 5.73205
2 3.07043
3 3.07043
5 3.07043
10 3.07043
20 3.07043
50 3.07043
100 3.07043
200 3.07043
END
$data34 << END
1 7.83646
2 5.63394
END
$data35 << END
1 7.46859
2 5.30603
3 5.28403
5 4.25513
10 4.25513
20 4.25513
50 4.25513
100 4.25513
200 4.25513
END
$data36 << END
1 14.6009
2 8.75849
END
$data37 << END
1 14.1834
2 8.67339
3 5.95749
5 3.19709
10 3.19709
20 3.19709
50 3.19709
100 3.19709
200 3.19709
END
$data38 << END
1 13.1729
2 8.66313
END
$data39 << END
1 12.4802
2 8.3394
3 6.31645
5 5.29744
10 4.27604
20 4.27604
50 4.27604
100 4.27604
200 4.27604
END
$data40 << END
1 27.9228
2 14.0364
END
$data41 << END
1 27.1925
2 13.8411
3 11.1287
5 5.80418
10 3.11144
20 3.11144
50 3.11144
100 3.11144
200 3.11144
END
set title 'ugr16-surrogate[records=100000] (dashed: simulated)'
set xlabel 'workers'
set ylabel 'training, wall seconds'
plot $data28 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title '1 chunk', $data29 using 1:2 with lines dashtype 2 linecolor rgb '#1f77b4' notitle, $data30 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title '2 chunks, hot start', $data31 using 1:2 with lines dashtype 2 linecolor rgb '#d62728' notitle, $data32 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title '2 chunks, each from scratch', $data33 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle, $data34 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title '5 chunks, hot start', $data35 using 1:2 with lines dashtype 2 linecolor rgb '#ff7f0e' notitle, $data36 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title '5 chunks, each from scratch', $data37 using 1:2 with lines dashtype 2 linecolor rgb '#9467bd' notitle, $data38 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title '10 chunks, hot start', $data39 using 1:2 with lines dashtype 2 linecolor rgb '#8c564b' notitle, $data40 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title '10 chunks, each from scratch', $data41 using 1:2 with lines dashtype 2 linecolor rgb '#e377c2' notitle
unset multiplot
