document.getElementById('go').submit();
