import { Background, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';

const nodes = [{ id: 'hello', position: { x: 0, y: 0 }, data: { label: 'Hookline' } }];

/** Placeholder: one node, until the host view takes its place. */
export function App() {
  return (
    <main className="h-screen">
      <h1 className="sr-only">Hookline</h1>
      <ReactFlow nodes={nodes} fitView deleteKeyCode={null} nodesFocusable={false} edgesFocusable={false}>
        <Background />
      </ReactFlow>
    </main>
  );
}
