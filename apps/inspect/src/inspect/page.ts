document.querySelector('main')?.setAttribute('data-ready', '');
