@ip6 filter INPUT
-m hl --hl-eq 255;=;OK
-m hl ! --hl-eq 1;=;OK
-m hl --hl-gt 300;;FAIL bad-value
