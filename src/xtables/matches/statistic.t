@both filter INPUT
-m statistic --mode random --probability 0.25;-m statistic --mode random --probability 0.25000000000;OK
-m statistic --mode nth --every 4 --packet 1;=;OK
-m statistic --mode nth ! --every 3 --packet 0;=;OK
-m statistic --mode random --probability 1.5;;FAIL bad-value
-m statistic --mode nth --every 2 --packet 2;;FAIL bad-value
-m statistic --mode nth --every 2;;FAIL option-missing
-m statistic --mode first;;FAIL bad-value
