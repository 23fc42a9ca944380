@both filter INPUT
-j AUDIT --type drop;=;OK
-j AUDIT --type ignore;;FAIL bad-value
