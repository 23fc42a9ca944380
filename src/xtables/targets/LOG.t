@both filter INPUT
-j LOG;=;OK
-j LOG --log-prefix "in: " --log-level info --log-ip-options;-j LOG --log-prefix "in: " --log-level 6 --log-ip-options;OK
-j LOG --log-level loud;;FAIL bad-value
-j LOG --log-prefix 0123456789012345678901234567890;-j LOG --log-prefix 01234567890123456789012345678;OK
