@ip filter INPUT
-p ah -m ah --ahspi 7:9;=;OK
-m ah --ahspi 7;;FAIL kernel-refused
@ip6 filter INPUT
-m ah ! --ahspi 3 --ahlen 24 --ahres;=;OK
-m ah --ahlen 0;-m ah;OK
-m ah --ahspi 1:2:3;;FAIL bad-value
