import { chartsApp } from './app.js';

chartsApp(document.body);
