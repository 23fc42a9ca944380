@ip filter INPUT
-m iprange --src-range 10.0.0.5-10.0.0.9;=;OK
-m iprange ! --dst-range 192.0.2.1;-m iprange ! --dst-range 192.0.2.1-192.0.2.1;OK
-m iprange --src-range 10.0.0.9-10.0.0.5;=;OK
-m iprange --src-range 10.0.0.1-foo;;FAIL bad-address
-m iprange;;FAIL option-missing
@ip6 filter INPUT
-m iprange --dst-range 2001:db8::1-2001:db8::ff;=;OK
