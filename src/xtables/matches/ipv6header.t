@ip6 filter INPUT
-m ipv6header --header frag,auth;-m ipv6header --header ipv6-frag,ah;OK
-m ipv6header ! --header none --soft;-m ipv6header ! --header ipv6-nonxt --soft;OK
-m ipv6header --header 43;-m ipv6header --header ipv6-route;OK
-m ipv6header --header tcp;;FAIL bad-value
-m ipv6header;;FAIL option-missing
-m ipv6header --header all;;FAIL bad-value
-m ipv6header --header IPv6-Frag;-m ipv6header --header ipv6-frag;OK
