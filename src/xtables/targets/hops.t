@ip mangle PREROUTING
-j TTL --ttl-set 64;=;OK
-j TTL --ttl-inc 0;;FAIL bad-value
-j TTL;;FAIL option-missing
@ip6 mangle PREROUTING
-j HL --hl-dec 1;=;OK
@ip filter INPUT
-j TTL --ttl-set 64;;FAIL kernel-refused
