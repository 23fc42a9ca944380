@both filter INPUT
-m state --state NEW;=;OK
-m state --state ESTABLISHED,NEW;-m state --state NEW,ESTABLISHED;OK
-m state ! --state INVALID;=;OK
-m state --state SNAT;;FAIL bad-value
-m state;;FAIL option-missing
-m state --state "";;FAIL bad-value
