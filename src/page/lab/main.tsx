import { render } from 'preact';
import { LabApp } from './lab-app.js';

const place = document.getElementById('page');
if (place) render(<LabApp />, place);
