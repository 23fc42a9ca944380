import { Shell } from './shell';
import { TipProvider } from './ui';

export function App() {
  return (
    <TipProvider>
      <Shell />
    </TipProvider>
  );
}
