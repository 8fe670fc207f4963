set terminal svg size 1260,520 font 'sans,12' background 'white'
set output 'chunked_speedup_ugr16.svg'
set logscale xy
set grid
set key below noenhanced font 'sans,9'
set title noenhanced
set multiplot layout 1,3
$data0 << END
1 2.83226
2 2.7752
END
$data1 << END
1 2.83226
2 2.83226
3 2.83226
5 2.83226
10 2.83226
20 2.83226
50 2.83226
100 2.83226
200 2.83226
END
$data2 << END
1 4.32315
2 4.49983
END
$data3 << END
1 4.17945
2 4.17945
3 4.17945
5 4.17945
10 4.17945
20 4.17945
50 4.17945
100 4.17945
200 4.17945
END
$data4 << END
1 5.98311
2 3.18909
END
$data5 << END
1 5.84221
2 3.13988
3 3.13988
5 3.13988
10 3.13988
20 3.13988
50 3.13988
100 3.13988
200 3.13988
END
$data6 << END
1 7.8969
2 6.06725
END
$data7 << END
1 7.52667
2 5.39148
3 5.38187
5 4.31849
10 4.31849
20 4.31849
50 4.31849
100 4.31849
200 4.31849
END
$data8 << END
1 14.1214
2 8.61067
END
$data9 << END
1 13.767
2 8.37444
3 5.70387
5 3.08703
10 3.08703
20 3.08703
50 3.08703
100 3.08703
200 3.08703
END
$data10 << END
1 13.6634
2 9.2383
END
$data11 << END
1 12.9215
2 8.62063
3 6.52328
5 5.43754
10 4.39478
20 4.39478
50 4.39478
100 4.39478
200 4.39478
END
$data12 << END
1 28.8314
2 16.8049
END
$data13 << END
1 28.0867
2 14.3174
3 11.3579
5 6.04736
10 3.25366
20 3.25366
50 3.25366
100 3.25366
200 3.25366
END
set title 'ugr16[max_records=10000] (dashed: simulated)'
set xlabel 'workers'
set ylabel 'training, wall seconds'
plot $data0 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title '1 chunk', $data1 using 1:2 with lines dashtype 2 linecolor rgb '#1f77b4' notitle, $data2 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title '2 chunks, hot start', $data3 using 1:2 with lines dashtype 2 linecolor rgb '#d62728' notitle, $data4 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title '2 chunks, each from scratch', $data5 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle, $data6 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title '5 chunks, hot start', $data7 using 1:2 with lines dashtype 2 linecolor rgb '#ff7f0e' notitle, $data8 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title '5 chunks, each from scratch', $data9 using 1:2 with lines dashtype 2 linecolor rgb '#9467bd' notitle, $data10 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title '10 chunks, hot start', $data11 using 1:2 with lines dashtype 2 linecolor rgb '#8c564b' notitle, $data12 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title '10 chunks, each from scratch', $data13 using 1:2 with lines dashtype 2 linecolor rgb '#e377c2' notitle
$data14 << END
1 3.07699
2 3.2871
END
$data15 << END
1 3.07699
2 3.07699
3 3.07699
5 3.07699
10 3.07699
20 3.07699
50 3.07699
100 3.07699
200 3.07699
END
$data16 << END
1 4.98952
2 5.1165
END
$data17 << END
1 4.8348
2 4.8348
3 4.8348
5 4.8348
10 4.8348
20 4.8348
50 4.8348
100 4.8348
200 4.8348
END
$data18 << END
1 7.48023
2 4.30128
END
$data19 << END
1 7.29578
2 3.87762
3 3.87762
5 3.87762
10 3.87762
20 3.87762
50 3.87762
100 3.87762
200 3.87762
END
$data20 << END
1 9.12092
2 6.80072
END
$data21 << END
1 8.69275
2 6.14748
3 6.09198
5 5.00411
10 5.00411
20 5.00411
50 5.00411
100 5.00411
200 5.00411
END
$data22 << END
1 16.9588
2 10.1741
END
$data23 << END
1 16.5199
2 10.304
3 7.34743
5 4.15732
10 4.15732
20 4.15732
50 4.15732
100 4.15732
200 4.15732
END
$data24 << END
1 16.7683
2 10.3895
END
$data25 << END
1 15.8018
2 10.4318
3 8.14026
5 6.63835
10 5.51895
20 5.51895
50 5.51895
100 5.51895
200 5.51895
END
$data26 << END
1 31.3362
2 15.4783
END
$data27 << END
1 30.5013
2 15.5787
3 12.4338
5 6.5854
10 3.54214
20 3.54214
50 3.54214
100 3.54214
200 3.54214
END
set title 'ugr16[max_records=30000] (dashed: simulated)'
set xlabel 'workers'
set ylabel 'training, wall seconds'
plot $data14 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title '1 chunk', $data15 using 1:2 with lines dashtype 2 linecolor rgb '#1f77b4' notitle, $data16 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title '2 chunks, hot start', $data17 using 1:2 with lines dashtype 2 linecolor rgb '#d62728' notitle, $data18 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title '2 chunks, each from scratch', $data19 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle, $data20 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title '5 chunks, hot start', $data21 using 1:2 with lines dashtype 2 linecolor rgb '#ff7f0e' notitle, $data22 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title '5 chunks, each from scratch', $data23 using 1:2 with lines dashtype 2 linecolor rgb '#9467bd' notitle, $data24 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title '10 chunks, hot start', $data25 using 1:2 with lines dashtype 2 linecolor rgb '#8c564b' notitle, $data26 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title '10 chunks, each from scratch', $data27 using 1:2 with lines dashtype 2 linecolor rgb '#e377c2' notitle
$data28 << END
1 3.20794
2 3.11428
END
$data29 << END
1 3.20794
2 3.20794
3 3.20794
5 3.20794
10 3.20794
20 3.20794
50 3.20794
100 3.20794
200 3.20794
END
$data30 << END
1 5.06007
2 5.15369
END
$data31 << END
1 4.9044
2 4.9044
3 4.9044
5 4.9044
10 4.9044
20 4.9044
50 4.9044
100 4.9044
200 4.9044
END
$data32 << END
1 7.00224
2 3.91255
END
$data33 << END
1 6.848
2 3.72315
3 3.72315
5 3.72315
10 3.72315
20 3.72315
50 3.72315
100 3.72315
200 3.72315
END
$data34 << END
1 10.7239
2 7.27858
END
$data35 << END
1 10.2803
2 7.2906
3 7.22981
5 5.78589
10 5.78589
20 5.78589
50 5.78589
100 5.78589
200 5.78589
END
$data36 << END
1 18.0817
2 10.145
END
$data37 << END
1 17.6135
2 10.5049
3 7.16899
5 4.12124
10 4.12124
20 4.12124
50 4.12124
100 4.12124
200 4.12124
END
$data38 << END
1 15.1503
2 9.85128
END
$data39 << END
1 14.3697
2 9.60212
3 7.31621
5 6.07751
10 4.89932
20 4.89932
50 4.89932
100 4.89932
200 4.89932
END
$data40 << END
1 35.2922
2 17.899
END
$data41 << END
1 34.4823
2 17.655
3 13.8766
5 7.58516
10 4.44496
20 4.44496
50 4.44496
100 4.44496
200 4.44496
END
set title 'ugr16[max_records=100000] (dashed: simulated)'
set xlabel 'workers'
set ylabel 'training, wall seconds'
plot $data28 using 1:2 with linespoints pointsize 0.6 pointtype 4 linecolor rgb '#1f77b4' title '1 chunk', $data29 using 1:2 with lines dashtype 2 linecolor rgb '#1f77b4' notitle, $data30 using 1:2 with linespoints pointsize 0.6 pointtype 5 linecolor rgb '#d62728' title '2 chunks, hot start', $data31 using 1:2 with lines dashtype 2 linecolor rgb '#d62728' notitle, $data32 using 1:2 with linespoints pointsize 0.6 pointtype 6 linecolor rgb '#2ca02c' title '2 chunks, each from scratch', $data33 using 1:2 with lines dashtype 2 linecolor rgb '#2ca02c' notitle, $data34 using 1:2 with linespoints pointsize 0.6 pointtype 7 linecolor rgb '#ff7f0e' title '5 chunks, hot start', $data35 using 1:2 with lines dashtype 2 linecolor rgb '#ff7f0e' notitle, $data36 using 1:2 with linespoints pointsize 0.6 pointtype 8 linecolor rgb '#9467bd' title '5 chunks, each from scratch', $data37 using 1:2 with lines dashtype 2 linecolor rgb '#9467bd' notitle, $data38 using 1:2 with linespoints pointsize 0.6 pointtype 9 linecolor rgb '#8c564b' title '10 chunks, hot start', $data39 using 1:2 with lines dashtype 2 linecolor rgb '#8c564b' notitle, $data40 using 1:2 with linespoints pointsize 0.6 pointtype 10 linecolor rgb '#e377c2' title '10 chunks, each from scratch', $data41 using 1:2 with lines dashtype 2 linecolor rgb '#e377c2' notitle
unset multiplot
