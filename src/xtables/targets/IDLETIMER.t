@both filter INPUT
-j IDLETIMER --timeout 30 --label quiet;=;OK
-j IDLETIMER --timeout 0 --label quiet;;FAIL kernel-refused
-j IDLETIMER --label quiet;;FAIL option-missing
