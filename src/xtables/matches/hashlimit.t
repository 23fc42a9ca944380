@ip filter INPUT
-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name web;-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name web;OK
-m hashlimit --hashlimit-above 1kb/s --hashlimit-name bytes;=;OK
-m hashlimit --hashlimit-upto 5/sec;;FAIL option-missing
-m hashlimit --hashlimit-name x;;FAIL option-missing
-m hashlimit --hashlimit-upto 40/sec --hashlimit-mode srcip --hashlimit-name r --hashlimit-rate-match --hashlimit-rate-interval 10.0.0.1/8;-m hashlimit --hashlimit-upto 40/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name r --hashlimit-rate-match --hashlimit-rate-interval 10;OK
-m hashlimit --hashlimit-upto 40/sec --hashlimit-mode srcip --hashlimit-name r --hashlimit-rate-match --hashlimit-rate-interval 0x1f;;FAIL bad-value
-m hashlimit --hashlimit-upto 1/sec --hashlimit-name large --hashlimit-htable-size 2000000 --hashlimit-htable-max 999999999;-m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 5 --hashlimit-name large --hashlimit-htable-size 1048576 --hashlimit-htable-max 1048576;OK
-m hashlimit --hashlimit-upto 10b/s --hashlimit-name mini1;-m hashlimit --hashlimit-upto 0b/s --hashlimit-name mini1;OK
-m hashlimit --hashlimit-upto 10b/s --hashlimit-burst 100b --hashlimit-name mini1;;FAIL tool-dies
