@both filter INPUT
-m quota --quota 1000000;=;OK
-m quota ! --quota 5;=;OK
-m quota --quota -5;;FAIL bad-value
-m quota;;FAIL option-missing
