@ip filter INPUT
-m connlimit --connlimit-above 10;-m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-upto 3 --connlimit-mask 24 --connlimit-daddr;=;OK
-m connlimit;;FAIL option-missing
@ip6 filter INPUT
-m connlimit --connlimit-above 1;-m connlimit --connlimit-above 1 --connlimit-mask 128 --connlimit-saddr;OK
-m connlimit --connlimit-saddr --connlimit-daddr;;FAIL option-missing
