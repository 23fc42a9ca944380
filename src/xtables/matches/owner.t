@both filter OUTPUT
-m owner --uid-owner 1000;=;OK
-m owner ! --gid-owner root;-m owner ! --gid-owner 0;OK
-m owner --uid-owner 10-20 --socket-exists;-m owner --socket-exists --uid-owner 10-20;OK
-m owner --uid-owner nosuchuser;;FAIL bad-value
-m owner;;FAIL option-missing
@both filter INPUT
-m owner --uid-owner 0;;FAIL kernel-refused
