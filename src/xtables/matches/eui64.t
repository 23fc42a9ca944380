@ip6 filter INPUT
-m eui64;=;OK
@ip6 filter OUTPUT
-m eui64;;FAIL kernel-refused
