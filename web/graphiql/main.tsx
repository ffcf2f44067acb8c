import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { send } from './fetcher';
import { headers, tabs } from './examples';

createRoot(document.getElementById('graphiql')!).render(
  <GraphiQL
    fetcher={send}
    defaultTabs={tabs}
    defaultHeaders={headers}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
    isHeadersEditorEnabled
  >
    <GraphiQL.Logo>
      <a className="mycelium" href="/graphql/schema" target="_blank" rel="noreferrer" title="The schema as SDL">
        Mycelium
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
