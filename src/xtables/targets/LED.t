@both filter INPUT
-j LED --led-trigger-id lamp;;FAIL kernel-refused
