@ip6 filter INPUT
-m rt --rt-type 0 --rt-segsleft 2 --rt-0-addrs 2001:db8::1,2001:db8::2 --rt-0-not-strict;=;OK
-m rt ! --rt-type 4 --rt-len 24;=;OK
-m rt --rt-0-res;;FAIL option-missing
-m rt --rt-type 0 --rt-0-addrs 10.0.0.1;;FAIL bad-address
-m rt --rt-0-addrs zz --rt-type 0;;FAIL option-missing
-m rt --rt-type 0 --rt-0-addrs zz;;FAIL bad-address
