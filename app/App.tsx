import { Shell } from './shell/Shell';
import { TipProvider } from './ui';

export function App() {
  return (
    <TipProvider>
      <Shell />
    </TipProvider>
  );
}
