@both filter INPUT
-m cpu ! --cpu 3;=;OK
-m cpu --cpu one;;FAIL bad-value
