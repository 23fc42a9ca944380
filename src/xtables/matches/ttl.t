@ip filter INPUT
-m ttl --ttl-eq 64;=;OK
-m ttl ! --ttl 1;-m ttl ! --ttl-eq 1;OK
-m ttl --ttl-lt 5;=;OK
-m ttl --ttl-gt 5 --ttl-lt 9;;FAIL options-clash
-m ttl;;FAIL option-missing
