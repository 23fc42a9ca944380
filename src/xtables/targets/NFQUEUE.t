@both filter INPUT
-j NFQUEUE;-j NFQUEUE --queue-num 0;OK
-j NFQUEUE --queue-balance 2:5 --queue-bypass;=;OK
-j NFQUEUE --queue-balance 5:2;;FAIL bad-value
-j NFQUEUE --queue-num 1 --queue-cpu-fanout;;FAIL option-missing
