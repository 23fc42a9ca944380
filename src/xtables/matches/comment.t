@both filter INPUT
-m comment --comment plain-text;=;OK
-m comment --comment "two words";=;OK
-m comment --comment "say \"yes\"";=;OK
-m comment --comment "it's";-m comment --comment "it\'s";OK
-m comment;;FAIL option-missing
