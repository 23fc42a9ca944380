@ip filter INPUT
-j ULOG --ulog-nlgroup 3 --ulog-prefix "in: " --ulog-cprange 100 --ulog-qthreshold 20;;FAIL kernel-refused
-j ULOG --ulog-nlgroup 33;;FAIL bad-value
-j ULOG --ulog-qthreshold 51;;FAIL bad-value
@ip6 filter INPUT
-j ULOG;;FAIL unknown-target
