@both filter FORWARD
-m connbytes --connbytes 5000 --connbytes-dir both --connbytes-mode bytes;-m connbytes --connbytes 5000 --connbytes-mode bytes --connbytes-dir both;OK
-m connbytes ! --connbytes 10:20 --connbytes-mode packets --connbytes-dir reply;=;OK
-m connbytes --connbytes 20:10 --connbytes-mode packets --connbytes-dir reply;;FAIL bad-value
-m connbytes --connbytes 1 --connbytes-mode bytes --connbytes-dir forth;;FAIL bad-value
-m connbytes --connbytes 1 --connbytes-mode bytes;;FAIL option-missing
