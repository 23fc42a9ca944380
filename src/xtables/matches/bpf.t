@both filter INPUT
-m bpf --bytecode "2,48 0 0 9,6 0 0 1";=;OK
-m bpf --bytecode "1,6 0 0 1,6 0 0 0";;FAIL bad-value
-m bpf --bytecode "0,";;FAIL bad-value
-m bpf;;FAIL option-missing
