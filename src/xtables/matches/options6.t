@ip6 filter INPUT
-m hbh --hbh-len 8 --hbh-opts 5:2,1:0;=;OK
-m dst ! --dst-len 16 --dst-opts 201;=;OK
-m dst --dst-opts 0:4;;FAIL bad-value
-m hbh --hbh-opts five;;FAIL bad-value
-m hbh --hbh-opts 18446744073709551615;-m hbh --hbh-opts 255;OK
