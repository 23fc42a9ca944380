@ip6 mangle POSTROUTING
-j SNPT --src-pfx fd00:1::/64 --dst-pfx 2001:db8:7::/64;=;OK
-j SNPT --src-pfx fd00:1::/64;;FAIL option-missing
@ip6 mangle PREROUTING
-j DNPT --src-pfx 2001:db8:7::/48 --dst-pfx fd00:1::/48;=;OK
-j DNPT --src-pfx 2001:db8:7::/80 --dst-pfx fd00:1::/80;;FAIL kernel-refused
