@both filter INPUT
-m limit --limit 3/minute;-m limit --limit 3/min;OK
-m limit --limit 100/s --limit-burst 20;-m limit --limit 100/sec --limit-burst 20;OK
-m limit;-m limit --limit 3/hour;OK
-m limit --limit 7/day --limit-burst 5;-m limit --limit 7/day;OK
-m limit --limit 0/sec;;FAIL bad-value
-m limit --limit 5/fortnight;;FAIL bad-value
-m limit --limit 20000/sec;;FAIL bad-value
-m limit --limit-burst 0;;FAIL kernel-refused
-m limit ! --limit 5/sec;;FAIL not-negatable
