@ip6 filter INPUT
-p mh -m mh --mh-type binding-update;-p mobility-header -m mh --mh-type 5;OK
-p mobility-header -m mh ! --mh-type hoti:cot;-p mobility-header -m mh ! --mh-type 1:4;OK
-p mobility-header -m mh --mh-type 9:2;;FAIL bad-value
-m mh --mh-type 1;;FAIL kernel-refused
