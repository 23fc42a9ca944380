@both filter OUTPUT
-m cgroup --cgroup 7;=;OK
-m cgroup ! --path "/";=;OK
-m cgroup;;FAIL kernel-refused
-m cgroup --path some/group;;FAIL kernel-refused
